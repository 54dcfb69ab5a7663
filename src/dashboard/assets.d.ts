// Style sheets are imported by the module that needs them; Vite makes files of them.
declare module '*.css';
