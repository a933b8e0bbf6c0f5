# syntax=docker/dockerfile:1
ARG PYTHON=python:3.11-slim-trixie
ARG NODE=node:24-slim

FROM ${PYTHON} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/prod.txt /tmp/prod.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --no-deps --requirement /tmp/prod.txt

FROM ${NODE} AS pages
WORKDIR /frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM ${PYTHON}
# pg_dump and pg_restore for backups, Tesseract for scanned pages
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 studium \
    && useradd --uid 10001 --gid studium --no-create-home --home-dir /tmp --shell /usr/sbin/nologin studium \
    && install --directory --owner studium --group studium /data/files /data/chroma
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY alembic.ini ./
COPY alembic ./alembic
COPY scripts ./scripts
COPY backend ./backend
COPY --from=pages /frontend/build ./pages
RUN /opt/venv/bin/python -m compileall -q backend scripts
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app/backend \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    APP_FILES__DIRECTORY=/data/files \
    APP_WEB__PAGES_DIRECTORY=/app/pages
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "-m", "uvicorn", "app.main:create_app", "--factory", "--host", "0.0.0.0", "--port", "8000", \
     "--no-access-log", "--no-server-header", "--no-proxy-headers", "--timeout-graceful-shutdown", "10"]
