# Pushcart in a container: the command, and the pages on port 8000. Everything kept lives in the volume /data.

FROM python:3.13.12-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/pushcart
# With the client of Elasticsearch and the driver of PostgreSQL.
COPY requirements-server.lock ./
RUN /opt/pushcart/bin/pip install --no-cache-dir --require-hashes --requirement requirements-server.lock
COPY pyproject.toml README.md LICENSE ./
COPY corpus corpus
COPY crawler crawler
COPY nlp nlp
COPY search_api search_api
COPY alerts alerts
COPY curation curation
COPY evaluation evaluation
COPY demo demo
COPY web web
COPY pushcart pushcart
# Build tools come from the lock.
RUN /opt/pushcart/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13.12-slim-bookworm
COPY --from=build /opt/pushcart /opt/pushcart
COPY containers/harvest-forever.sh /usr/local/bin/
# Files that a stranger made are read here: not as root.
RUN useradd --system --uid 10001 pushcart && install --directory --owner=pushcart /data
ENV PATH=/opt/pushcart/bin:$PATH \
    PUSHCART_DATA_DIR=/data
USER 10001
VOLUME /data
EXPOSE 8000
# Whether the process lives. Not /readyz: while records or index are away, pages that need neither are still served, and the
# others say what is wrong; to restart this or to hide it would help nobody.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["pushcart", "serve", "--host", "0.0.0.0"]
