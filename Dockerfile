# npm pack && docker build -t pmem-conform . && docker run --rm -v "$PWD":/work pmem-conform run
FROM node:22-slim
# git: for a series of commits of one's own.
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
COPY pmem-conform-*.tgz /tmp/
RUN npm install --global /tmp/pmem-conform-*.tgz && rm /tmp/pmem-conform-*.tgz
USER node
WORKDIR /work
ENTRYPOINT ["pmem-conform"]
