"""DPoP (RFC 9449) for Authlib 1.2, which lacks it. It is built from the sessions, keys and signatures of Authlib."""
import hashlib
import json
import time
from urllib.parse import urlsplit

from authlib.common.encoding import to_unicode, urlsafe_b64encode
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Auth, OAuth2Session
from authlib.jose import JsonWebKey, JsonWebSignature

ALGORITHM = 'ES256'


def add_dpop_token(token, uri, headers, body, placement=None):
    headers['Authorization'] = f'DPoP {token}'
    return uri, headers, body


class DpopAuth(OAuth2Auth):
    SIGN_METHODS = {**OAuth2Auth.SIGN_METHODS, 'dpop': add_dpop_token}


class DpopSession(OAuth2Session):
    """Adds a proof to each request, and repeats a request that was refused because of its nonce."""
    token_auth_class = DpopAuth

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.nonces, self.first_nonce, self.challenges = {}, None, 0
        self.change_key()

    def change_key(self):
        self.key = JsonWebKey.generate_key('EC', 'P-256', is_private=True)

    def begin_with_nonce(self, nonce):
        self.nonces, self.first_nonce = {}, nonce

    def request(self, *arguments, **options):
        answer = super().request(*arguments, **options)
        if not asks_for_nonce(answer):
            return answer
        self.challenges += 1
        # The whole request is built again, because a client assertion may be used only once.
        return super().request(*arguments, **options)

    def send(self, request, **options):
        server = urlsplit(request.url).netloc
        request.headers['DPoP'] = self.proof(request, self.nonces.get(server, self.first_nonce))
        answer = super().send(request, **options)
        if 'DPoP-Nonce' in answer.headers:
            self.nonces[server] = answer.headers['DPoP-Nonce']
        return answer

    def proof(self, request, nonce):
        header = {'typ': 'dpop+jwt', 'alg': ALGORITHM, 'jwk': self.key.as_dict(is_private=False)}
        claims = {
            'jti': generate_token(),
            'htm': request.method,
            'htu': urlsplit(request.url)._replace(query='', fragment='').geturl(),
            'iat': int(time.time()),
        }
        if nonce:
            claims['nonce'] = nonce
        scheme, _, token = request.headers.get('Authorization', '').partition(' ')
        if scheme == 'DPoP':
            claims['ath'] = sha256(token)
        # JsonWebSignature, because Authlib's JsonWebToken would set `typ` to JWT.
        return to_unicode(JsonWebSignature([ALGORITHM]).serialize_compact(header, json.dumps(claims), self.key))


def sha256(text):
    return to_unicode(urlsafe_b64encode(hashlib.sha256(text.encode('ascii')).digest()))


def asks_for_nonce(answer):
    """Returns whether a server demands a nonce: a provider in the body, a resource server in a challenge (RFC 9449 §8, §9)."""
    challenge = answer.headers.get('WWW-Authenticate', '')
    return answer.status_code in (400, 401) and 'use_dpop_nonce' in challenge + answer.text
