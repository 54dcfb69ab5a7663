# The daemon in a container: built in the first stage, run in the last with what production needs and no more.
# All state is in /data: WORKFLOW.md, the database, the workspaces. Mount a volume there.
#
#   docker build -t sortie .
#   docker run -v "$PWD:/data" sortie                                   (page and API inside of the container only)
#   docker run -v "$PWD:/data" -p 127.0.0.1:7678:7678 \
#     -e SORTIE_SERVER_HOST=0.0.0.0 -e SORTIE_SERVER_TOKEN=… sortie     (published: then a token is required)
#
# A coding agent is not included: build an image FROM this one that installs yours. See docs/operations.md.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json tsconfig.dashboard.json ./
COPY scripts ./scripts
COPY src ./src
COPY adapters ./adapters
COPY test/conformance ./test/conformance
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
# tini is pid 1, because agents leave orphans behind that pid 1 must reap. git and certificates are for agents.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git tini \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE ./
COPY scripts/healthcheck.mjs ./scripts/
# The commands, as in `docker exec sortie sortie status`.
RUN ln -s /app/dist/src/main.js /usr/local/bin/sortie
ENV NODE_ENV=production
# These win over WORKFLOW.md, so that nothing worth keeping is written outside of the volume.
ENV SORTIE_DB_PATH=/data/.sortie.db SORTIE_WORKSPACE_ROOT=/data/workspaces
USER node
WORKDIR /data
VOLUME /data
EXPOSE 7678
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["node", "/app/scripts/healthcheck.mjs"]
ENTRYPOINT ["tini", "--", "node", "--", "/app/dist/src/main.js"]
CMD ["/data/WORKFLOW.md"]
