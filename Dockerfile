# Lectern for production: no compiler, no test tools, no embedded servers, no root.
#   docker build -t lectern .
# compose.yaml runs the image as web, worker, ticker and (once) migrate.

FROM python:3.13-slim-bookworm AS packages
WORKDIR /install
COPY constraints.txt requirements-production.txt ./
RUN python -m venv /opt/lectern \
    && /opt/lectern/bin/pip install --no-cache-dir --disable-pip-version-check \
        -r requirements-production.txt

FROM python:3.13-slim-bookworm
ENV PATH=/opt/lectern/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FLASK_APP=wsgi \
    BIND=0.0.0.0:8000 \
    LECTERN_DATA=/data
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data lectern \
    && install -d -o lectern -g lectern -m 0750 /data
COPY --from=packages /opt/lectern /opt/lectern
WORKDIR /srv/lectern
COPY . .
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]
