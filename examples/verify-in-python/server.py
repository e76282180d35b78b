"""
A resource server in Python with Authlib. It verifies access tokens (RFC 9068), asks the provider whether they were revoked (RFC 7662), and
answers with the challenges of RFC 6750. docs/other-languages.md explains it. Needs the packages python3-authlib and python3-requests.
"""
import hashlib
import json
import os
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import JoseError

ISSUER = os.environ['ISSUER']
AUDIENCE = os.environ['AUDIENCE']
CREDENTIALS = (os.environ['CLIENT_ID'], os.environ['CLIENT_SECRET'])
# The scopes that the routes need.
ROUTES = {'/contacts': 'contacts:export', '/reports': 'reports:read'}
JWT = JsonWebToken(['ES256', 'PS256', 'RS256', 'EdDSA'])
TIMEOUT = 2
# Seconds for which the answer to an introspection is kept, and the most answers that are kept.
KEPT_SECONDS = 1
MOST_ANSWERS = 10_000
# Unknown key ids cause at most one request to the provider in this time, in seconds.
KEYS_PAUSE = 5


class Challenge(Exception):
    """An error that is answered with a challenge. Without a code, the caller sent no token (RFC 6750 §3.1)."""

    def __init__(self, status, code=None, description=None, scope=None):
        super().__init__(description)
        self.status = status
        parameters = {'realm': 'example', 'error': code, 'error_description': description, 'scope': scope}
        given = ', '.join(f'{name}="{value}"' for name, value in parameters.items() if value is not None)
        self.header = f'Bearer {given}'


class Provider:
    """The provider: its metadata, its keys, and its answers to introspections."""

    def __init__(self):
        url = f"{ISSUER.rstrip('/')}/.well-known/openid-configuration"
        self.metadata = requests.get(url, timeout=TIMEOUT).json()
        # Otherwise one provider could speak for another (RFC 8414 §3.3).
        if self.metadata['issuer'] != ISSUER:
            raise ValueError(f"the metadata names another issuer: {self.metadata['issuer']}")
        self.lock = threading.Lock()
        self.answers = {}
        self.keys = {}
        self.keys_read = float('-inf')

    def key(self, kid):
        """Returns the key with an id. Reads the keys again when it is unknown, because keys are rotated."""
        with self.lock:
            if kid not in self.keys and time.monotonic() - self.keys_read > KEYS_PAUSE:
                published = requests.get(self.metadata['jwks_uri'], timeout=TIMEOUT).json()
                self.keys = {key['kid']: JsonWebKey.import_key(key) for key in published['keys'] if 'kid' in key}
                self.keys_read = time.monotonic()
            if kid not in self.keys:
                raise Challenge(401, 'invalid_token', 'the token is signed with an unknown key')
            return self.keys[kid]

    def is_active(self, token):
        """Returns whether the provider still accepts a token (RFC 7662 §2). Keeps each answer for a second."""
        name = hashlib.sha256(token.encode()).hexdigest()
        active, until = self.answers.get(name, (False, 0))
        if until > time.monotonic():
            return active
        response = requests.post(
            self.metadata['introspection_endpoint'], data={'token': token}, auth=CREDENTIALS, timeout=TIMEOUT
        )
        response.raise_for_status()
        active = response.json()['active'] is True
        with self.lock:
            if len(self.answers) >= MOST_ANSWERS:
                self.answers.clear()
            self.answers[name] = (active, time.monotonic() + KEPT_SECONDS)
        return active


def token_of(authorization):
    """Returns the token in the `Authorization` header (RFC 6750 §2.1)."""
    if not re.match(r'bearer(\s|$)', authorization, re.IGNORECASE):
        raise Challenge(401)
    found = re.fullmatch(r'bearer +([A-Za-z0-9\-._~+/]+=*)', authorization, re.IGNORECASE)
    if not found:
        raise Challenge(400, 'invalid_request', 'the Authorization header is malformed')
    return found.group(1)


def verify(token, provider):
    """Returns the claims of a token, whose revocation is not checked yet (RFC 9068 §4)."""
    essential = {name: {'essential': True} for name in ('exp', 'iat', 'sub', 'client_id', 'jti')}
    options = {**essential, 'iss': {'essential': True, 'value': ISSUER}, 'aud': {'essential': True, 'value': AUDIENCE}}
    try:
        claims = JWT.decode(token, lambda header, _: provider.key(header.get('kid')), claims_options=options)
        claims.validate(leeway=30)
    except (JoseError, ValueError) as error:
        raise Challenge(401, 'invalid_token', 'the token is not valid') from error
    if str(claims.header.get('typ')).lower() not in ('at+jwt', 'application/at+jwt'):
        raise Challenge(401, 'invalid_token', 'the token is not an access token')
    # A token for several servers could be replayed by one of them at another (RFC 9068 §5).
    if claims['aud'] not in (AUDIENCE, [AUDIENCE]):
        raise Challenge(401, 'invalid_token', 'the token is for other servers too')
    # This server checks neither DPoP proofs nor client certificates, so it must not accept tokens that need them (RFC 7800 §3.1).
    if 'cnf' in claims:
        raise Challenge(401, 'invalid_token', 'the token is bound to a key')
    return claims


class Handler(BaseHTTPRequestHandler):
    provider = None

    def do_GET(self):
        try:
            found = self.serve()
            self.answer(404 if found is None else 200, found or {'title': 'Not Found'})
        except Challenge as refusal:
            self.answer(refusal.status, {'title': str(refusal)}, {'WWW-Authenticate': refusal.header})
        except requests.RequestException:
            # The keys or the introspection are not available. The token may be valid.
            self.answer(503, {'title': 'Service Unavailable'}, {'Retry-After': '5'})

    def serve(self):
        scope = ROUTES.get(self.path)
        if scope is None:
            return None
        token = token_of(self.headers.get('Authorization', ''))
        claims = verify(token, self.provider)
        if not self.provider.is_active(token):
            raise Challenge(401, 'invalid_token', 'the token has been revoked')
        if scope not in claims.get('scope', '').split():
            raise Challenge(403, 'insufficient_scope', 'the token does not have the scope that this needs', scope)
        return {'sub': claims['sub'], 'client_id': claims['client_id']}

    def answer(self, status, body, headers=None):
        self.send_response(status)
        for name, value in {'Content-Type': 'application/json', **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        """Writes no line for each request."""


if __name__ == '__main__':
    Handler.provider = Provider()
    server = ThreadingHTTPServer(('127.0.0.1', int(os.environ.get('PORT', '3011'))), Handler)
    print('listening', flush=True)
    server.serve_forever()
