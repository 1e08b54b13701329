from tests.integration.conftest import app, open_page

__all__ = ["app", "open_page"]
