"""CSRF: every form of the portal carries a token (Flask-WTF).

Blueprints that use no cookie (LTI, xAPI, player) are exempt: `csrf.exempt(blueprint)` in
`lti_app/app.py`. A view that must decide about the size of a body before it is read is exempt
too and calls `csrf.protect()` itself.
"""

from flask_wtf import CSRFProtect

csrf = CSRFProtect()
