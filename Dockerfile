# One image for all servers; which one a container runs is its command.
# NODE_IMAGE may name a mirror or a pinned digest.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS manifests
WORKDIR /trefoil
COPY package.json package-lock.json .npmrc ./
COPY apps/provider/package.json apps/provider/
COPY apps/backend/package.json apps/backend/
COPY apps/frontend/package.json apps/frontend/
COPY libs/doctor/package.json libs/doctor/
COPY libs/dto/package.json libs/dto/
COPY libs/guards/package.json libs/guards/
COPY libs/local-stack/package.json libs/local-stack/
COPY libs/oauth-protocol/package.json libs/oauth-protocol/
COPY libs/pki/package.json libs/pki/
COPY libs/resource-api/package.json libs/resource-api/
COPY libs/resource-server/package.json libs/resource-server/
COPY libs/server-kit/package.json libs/server-kit/
COPY libs/service-client/package.json libs/service-client/
COPY libs/state-store/package.json libs/state-store/
COPY libs/testing/package.json libs/testing/
COPY libs/token-issuance/package.json libs/token-issuance/
COPY libs/ui/package.json libs/ui/
COPY examples/marketing-sync/package.json examples/marketing-sync/
COPY e2e/package.json e2e/

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY tsconfig.base.json ./
COPY libs libs
COPY apps apps
RUN npx tsc -b apps/provider apps/backend apps/frontend \
 && find apps libs -path '*/dist/*' \( -name '*.spec.*' -o -name '*.map' -o -name '*.d.ts' -o -name .tsbuildinfo \) -delete \
 && rm -rf apps/*/src libs/*/src apps/*/tsconfig.json libs/*/tsconfig.json apps/*/dist/testing libs/testing libs/local-stack libs/pki libs/doctor

FROM manifests AS dependencies
RUN npm ci --omit=dev --ignore-scripts -w apps/provider -w apps/backend -w apps/frontend \
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
