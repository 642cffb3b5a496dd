FROM python:3.12-slim-bookworm AS build
RUN pip install --no-cache-dir "uv>=0.13"
WORKDIR /srv
COPY pyproject.toml uv.lock README.md test_websocket.html ./
COPY app app
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN uv sync --frozen --no-dev --extra tracing --no-editable --no-python-downloads

FROM python:3.12-slim-bookworm
RUN useradd --create-home --uid 10001 olmocr && install -d -o olmocr /data
COPY --from=build /srv/.venv /srv/.venv
ENV PATH=/srv/.venv/bin:$PATH DATA_DIR=/data HOST=0.0.0.0 PORT=8000 LOG_FORMAT=json
WORKDIR /data
USER olmocr
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health/live', timeout=2)"]
CMD ["olmocr-backend", "serve"]
