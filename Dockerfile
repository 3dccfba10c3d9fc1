# One image for web, worker, beat and migrations; the command tells which.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/palmappen
COPY requirements/prod.txt /tmp/prod.txt
RUN /opt/palmappen/bin/pip install --no-deps --require-hashes --requirement /tmp/prod.txt

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /srv/palmappen --create-home palmappen \
    && install --directory --owner=palmappen --group=palmappen --mode=0700 /srv/palmappen/files \
        /srv/palmappen/seal
COPY --from=build /opt/palmappen /opt/palmappen
ENV PATH=/opt/palmappen/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    PRIVATE_ROOT=/srv/palmappen/files \
    SEAL_KEY_FILE=/srv/palmappen/seal/key.p12 \
    XDG_CACHE_HOME=/tmp
WORKDIR /srv/palmappen/app
COPY . .
# Static files are part of the image. The values are of no use but to start Django.
RUN SECRET_KEY=build ALLOWED_HOSTS=build SITE_URL=https://build DATABASE_URL=postgresql://build/build \
    EMAIL_URL=dummy: DEFAULT_FROM_EMAIL=build@example.org CELERY_BROKER_URL=memory:// \
    python manage.py collectstatic --noinput
USER palmappen
EXPOSE 8000
VOLUME /srv/palmappen/files /srv/palmappen/seal
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--no-control-socket"]
