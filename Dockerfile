# Lumina in a container; docs/deploy.md tells how it is run.
FROM python:3.11-slim-bookworm AS libraries
WORKDIR /opt/lumina
RUN python -m venv .venv
COPY requirements.txt ./
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --requirement requirements.txt

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore, for backups.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /var/lib/lumina --no-create-home --shell /usr/sbin/nologin lumina \
    && install --directory --owner lumina --group lumina --mode 0700 /var/lib/lumina
WORKDIR /opt/lumina
# Apart from the code, so that a new version is a few megabytes where the libraries stay.
COPY --from=libraries /opt/lumina/.venv .venv
COPY lumina lumina
COPY migrations migrations
COPY static static
COPY templates templates
COPY wsgi.py ./
# Whoever builds may keep their files to themselves; the user below has to read them.
RUN chmod --recursive a+rX lumina migrations static templates wsgi.py \
    && .venv/bin/python -m compileall -q lumina migrations wsgi.py
ENV PATH=/opt/lumina/.venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LUMINA_ENV=production \
    LUMINA_INSTANCE=/var/lib/lumina \
    PYTHONUNBUFFERED=1
USER lumina
VOLUME /var/lib/lumina
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\") or 5000}/healthz', timeout=4)"]
# The process itself sees to SIGTERM and to its children, so it needs no init before it.
CMD ["python", "wsgi.py"]
