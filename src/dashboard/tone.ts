// What a colour may mean. It never says anything that a word does not say too.
export type Tone = 'live' | 'good' | 'warn' | 'bad' | 'calm';
