"""
An OAuth client that uses Authlib and is controlled step by step. Each line of input is a call, {"call": name,
"arguments": {…}}. Each line of output is its result, {"result": …} or {"error": {"type", "error", "description"}}.
The program ends when its input ends.
"""
import json
import sys
import time
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from authlib.common.encoding import to_unicode
from authlib.common.security import generate_token
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url as oauth_well_known
from authlib.oidc.core import CodeIDToken, UserInfo
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url as openid_well_known

from dpop_session import DpopSession, OAuth2Session

TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'


class ProviderMetadata(OpenIDProviderMetadata):
    def validate_request_object_signing_alg_values_supported(self):
        """Accepts that `none` is missing. Authlib requires it, but Trefoil does not offer unsigned request objects."""
        if 'none' in self['request_object_signing_alg_values_supported']:
            raise ValueError('the provider accepts unsigned request objects')


class Client:
    session = None
    key = None

    def discover(self, issuer):
        """Reads and checks the metadata of the provider, and fetches its keys."""
        oauth = AuthorizationServerMetadata(requests.get(oauth_well_known(issuer, external=True)).json())
        oauth.validate()
        self.provider = ProviderMetadata(requests.get(openid_well_known(issuer, external=True)).json())
        self.provider.validate()
        if self.provider.issuer != issuer or oauth.issuer != issuer:
            raise ValueError('the metadata belongs to another issuer')
        self.keys = JsonWebKey.import_key_set(requests.get(self.provider.jwks_uri).json())
        return self.provider

    def register(self, initial_access_token, metadata, key=None):
        """Registers a client (RFC 7591). `key` gives the type and the curve or size of its key, if it has one."""
        if key:
            self.key = JsonWebKey.generate_key(*key, is_private=True)
            metadata = {**metadata, 'jwks': {'keys': [self.key.as_dict(is_private=False)]}}
        session = OAuth2Session(token={'access_token': initial_access_token, 'token_type': 'bearer'})
        return read(session.post(self.provider.registration_endpoint, json=metadata))

    def open(self, client_id, client_secret=None, signs=None, dpop=False, certificate=None, **options):
        """
        Selects the client and its authentication: with a secret, with assertions, with a certificate, or none. For
        assertions, `signs` gives the algorithm and optionally the audience; the default audience is the URL of the called
        endpoint. `certificate` gives the paths of a certificate, its key and the root of the servers (RFC 8705).
        """
        kind = DpopSession if dpop else OAuth2Session
        method = 'private_key_jwt' if signs else None
        options = {'token_endpoint_auth_method': method, 'revocation_endpoint_auth_method': method, **options}
        self.session = kind(client_id, self.key if signs else client_secret, code_challenge_method='S256', **options)
        if certificate:
            self.session.cert = (certificate['certificate'], certificate['key'])
            self.session.verify = certificate['root']
            # An environment variable of requests would replace the root.
            self.session.trust_env = False
            self.provider = ProviderMetadata({**self.provider, **self.provider['mtls_endpoint_aliases']})
        if signs:
            self.session.register_client_auth_method(PrivateKeyJWT(signs.get('audience'), alg=signs['alg']))

    def authorization_url(self, **parameters):
        """Returns the URL of an authorization request with PKCE, state and nonce."""
        self.verifier, self.nonce = generate_token(64), generate_token()
        if isinstance(self.session, DpopSession):
            parameters['dpop_jkt'] = self.session.key.thumbprint()
        url, self.state = self.session.create_authorization_url(
            self.provider.authorization_endpoint, code_verifier=self.verifier, nonce=self.nonce, **parameters)
        return url

    def push(self, sign_with=None, **parameters):
        """
        Pushes an authorization request (RFC 9126), and signs it when `sign_with` gives an algorithm (RFC 9101). Authlib has
        no call for this, so it is built from Authlib's parts.
        """
        request = dict(parse_qsl(urlsplit(self.authorization_url(**parameters)).query))
        if sign_with:
            request = {'request': self.sign(request, sign_with)}
        authentication = self.session.client_auth(self.session.token_endpoint_auth_method)
        endpoint = self.provider['pushed_authorization_request_endpoint']
        pushed = read(self.session.post(endpoint, data=request, auth=authentication))
        query = {'client_id': self.session.client_id, 'request_uri': pushed['request_uri']}
        return {**pushed, 'url': f'{self.provider.authorization_endpoint}?{urlencode(query)}'}

    def sign(self, request, alg):
        now = int(time.time())
        claims = {**request, 'iss': self.session.client_id, 'aud': self.provider.issuer, 'nbf': now, 'exp': now + 60}
        return to_unicode(JsonWebToken([alg]).encode({'alg': alg}, claims, self.key))

    def redeem(self, callback):
        """Redeems the code in the redirect of the provider, and verifies the ID token."""
        if dict(parse_qsl(urlsplit(callback).query)).get('iss') != self.provider.issuer:
            raise ValueError('the authorization response belongs to another issuer')
        tokens = self.session.fetch_token(
            self.provider.token_endpoint,
            authorization_response=callback, state=self.state, code_verifier=self.verifier)
        claims = self.verify_id_token(tokens)
        return {'tokens': tokens, 'claims': claims, 'id_token_alg': claims.header['alg']}

    def verify_id_token(self, tokens):
        claims = JsonWebToken(self.provider['id_token_signing_alg_values_supported']).decode(
            tokens['id_token'], self.keys, claims_cls=CodeIDToken,
            claims_options={
                'iss': {'essential': True, 'value': self.provider.issuer},
                'aud': {'essential': True, 'value': self.session.client_id},
            },
            claims_params={
                'nonce': self.nonce, 'client_id': self.session.client_id, 'access_token': tokens['access_token']})
        claims.validate()
        return claims

    def refresh(self, refresh_token=None):
        return self.session.refresh_token(self.provider.token_endpoint, refresh_token)

    def exchange(self, subject_token, **parameters):
        """Exchanges the token of a caller (RFC 8693)."""
        return self.session.fetch_token(
            self.provider.token_endpoint, grant_type=TOKEN_EXCHANGE,
            subject_token=subject_token, subject_token_type=ACCESS_TOKEN, **parameters)

    def client_credentials(self, **parameters):
        return self.session.fetch_token(
            self.provider.token_endpoint, grant_type='client_credentials', **parameters)

    def introspect(self, token):
        return read(self.session.introspect_token(self.provider['introspection_endpoint'], token))

    def revoke(self, token, token_type_hint=None):
        return self.session.revoke_token(
            self.provider['revocation_endpoint'], token, token_type_hint=token_type_hint).status_code

    def userinfo(self):
        return UserInfo(read(self.session.get(self.provider['userinfo_endpoint'])))

    def get(self, url):
        """Calls a resource server with the access token of the session."""
        answer = self.session.get(url)
        return {'status': answer.status_code, 'challenge': answer.headers.get('WWW-Authenticate')}

    def dpop_key(self):
        return self.session.key.thumbprint()

    def change_dpop_key(self):
        self.session.change_key()

    def forget_nonces(self, instead):
        """Uses an invented nonce until a server sends one (RFC 9449 §8)."""
        self.session.begin_with_nonce(instead)

    def challenges(self):
        return self.session.challenges


class ErrorResponse(Exception):
    """An error response of the provider."""

    def __init__(self, body):
        self.error, self.description = body.get('error'), body.get('error_description')


def read(answer):
    body = answer.json()
    if not answer.ok:
        raise ErrorResponse(body)
    return body


def perform(client, line):
    request = json.loads(line)
    try:
        return {'result': getattr(client, request['call'])(**request['arguments'])}
    except Exception as problem:
        error, description = getattr(problem, 'error', None), getattr(problem, 'description', None)
        return {'error': {'type': type(problem).__name__, 'error': error, 'description': description or str(problem)}}


if __name__ == '__main__':
    client = Client()
    for line in sys.stdin:
        print(json.dumps(perform(client, line)), flush=True)
