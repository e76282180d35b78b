# One image for all servers; which one a container runs is its command.
# NODE_IMAGE may name a mirror or a pinned digest.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS sources
WORKDIR /trefoil
COPY . .

# The files on which the installation of packages depends. While they are the same, the steps after them come from the cache.
FROM sources AS manifests
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete && find . -type d -empty -delete

FROM ${NODE_IMAGE} AS build
WORKDIR /trefoil
COPY --from=manifests /trefoil ./
RUN npm ci --ignore-scripts
COPY --from=sources /trefoil ./
RUN npx tsc -b apps/* libs/app-registry libs/pki \
 && find apps libs -path '*/dist/*' \( -name '*.spec.*' -o -name '*.map' -o -name '*.d.ts' -o -name .tsbuildinfo \) -delete \
 && rm -rf apps/*/src libs/*/src apps/*/tsconfig.json libs/*/tsconfig.json apps/*/dist/testing libs/testing libs/local-stack libs/doctor

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /trefoil
COPY --from=manifests /trefoil ./
RUN for folder in apps/* libs/app-registry libs/pki; do set -- "$@" -w "$folder"; done \
 && npm ci --omit=dev --ignore-scripts "$@" \
 && npm cache clean --force \
 && rm -rf node_modules/typescript node_modules/swagger-ui-dist/*.map

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /trefoil
COPY --from=dependencies /trefoil/package.json ./
COPY --from=dependencies /trefoil/node_modules node_modules
COPY --from=build /trefoil/libs libs
COPY --from=build /trefoil/apps apps
COPY deploy/*.mjs deploy/
USER node
CMD ["node", "apps/provider/dist/main.js"]
