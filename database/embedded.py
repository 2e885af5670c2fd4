"""PostgreSQL and Valkey for as long as a `with` block lasts: for tests and tools.

    with embedded_postgres(folder) as urls:
        create_engine(urls.app_url)

`make run` keeps them longer and under its own supervisor (`lti_app/cli/supervisor.py`).
"""



