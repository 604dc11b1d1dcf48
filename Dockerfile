# Pushcart in a container: the command, and the pages on port 8000. Everything kept lives in the volume /data.

FROM python:3.13.12-slim-trixie AS build
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
# Dictionaries of word forms, which every process would otherwise write for itself.
RUN XDG_CACHE_HOME=/opt/pushcart/cache /opt/pushcart/bin/python -c \
    "from corpus.lemmas import lemma; [lemma('a', lang=lang) for lang in ('en', 'es', 'fr', 'pt')]" \
    && chmod -R a+rX /opt/pushcart/cache

FROM python:3.13.12-slim-trixie
# `pushcart backup` and `restore` run pg_dump and pg_restore, which may not be older than the server of docker-compose.yml.
# Debian keeps one version of each package, so that none is named here.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-17 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/pushcart /opt/pushcart
COPY containers/harvest-forever.sh containers/healthy.py /usr/local/bin/
# Files that a stranger made are read here: not as root.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --no-log-init pushcart \
    && install --directory --owner=pushcart --mode=0700 /data
ENV PATH=/opt/pushcart/bin:$PATH \
    PUSHCART_DATA_DIR=/data \
    XDG_CACHE_HOME=/opt/pushcart/cache
USER 10001
VOLUME /data
EXPOSE 8000
# Whether the process lives. Not /readyz: while records or index are away, pages that need neither are still served, and the
# others say what is wrong; to restart this or to hide it would help nobody.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["python", "-IS", "/usr/local/bin/healthy.py", "pages"]
CMD ["pushcart", "serve", "--host", "0.0.0.0"]
