# Gateway, worker and command line in one image; the command of the container says which of them runs.
FROM node:22-bookworm-slim AS base
WORKDIR /app
# No server binaries are wanted in the image: the databases are services of their own.
ENV REDISMS_DISABLE_POSTINSTALL=1
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm install --no-audit --no-fund
COPY tsconfig.base.json ./
COPY tools/ tools/
COPY libs/ libs/
COPY apps/ apps/
RUN node tools/bootstrap/build.mjs gateway worker cli

FROM base AS production-dependencies
RUN npm install --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim AS runtime
WORKDIR /app
# Containers are reached from outside of themselves, unlike the default of a bare host.
ENV NODE_ENV=production \
    GATEWAY_HOST=0.0.0.0 \
    WORKER_HOST=0.0.0.0 \
    NODE_OPTIONS="--disable-warning=ExperimentalWarning --enable-source-maps"
COPY --from=production-dependencies /app/node_modules node_modules/
COPY --from=build /app/dist dist/
COPY package.json ./
USER node
EXPOSE 4000 4001
CMD ["node", "dist/apps/gateway/main.cjs"]
