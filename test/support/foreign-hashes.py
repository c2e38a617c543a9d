# Writes foreign-hashes.json: hashes as the programs themselves write them. Debian: python3-passlib python3-bcrypt
# python3-argon2 python3-django argon2 apache2-utils php-cli
import base64, hashlib, json, subprocess, unicodedata
import django
from django.conf import settings

settings.configure()
django.setup()
from django.contrib.auth import hashers
from passlib import hash as passlib

plain = 'correct horse battery staple'
korean = '비밀번호'
decomposed = unicodedata.normalize('NFD', korean)
long = 'a password of more than 72 bytes, of which bcrypt heeds no more than the first 72'


def run(*words, text=None):
    return subprocess.run(words, input=text, capture_output=True, text=True, check=True).stdout.strip()


def argon2(*words):
    return run('argon2', 'some salt', *words, '-e', text=plain)


def django_scrypt(n, r, p):
    # As Django 4.0 and later write it; Debian's is older.
    salt = 'b4oa1nmYsFpuBTYF'
    digest = hashlib.scrypt(plain.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=2**30, dklen=64)
    return f'scrypt${n}${salt}${r}${p}${base64.b64encode(digest).decode()}'


def django_hash(kind, password=plain, **options):
    return getattr(hashers, kind)().encode(password, 'HpNbVxcOZ6yGZnLSNsZD37', **options)


def php(algorithm, options):
    return run('php', '-r', f"echo password_hash('{plain}', {algorithm}, {options});")


def spare_bits(text):
    # The last character of a salt has four bits that stand for nothing: some programs keep what was in them.
    alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
    return text[:28] + alphabet[alphabet.index(text[28]) | 5] + text[29:]


bcrypt = passlib.bcrypt.using(rounds=4)
rows = [
    ('argon2 -id', plain, argon2('-id', '-t', '3', '-m', '10', '-p', '2')),
    ('argon2 -id, the parameters of today', plain, argon2('-id', '-t', '2', '-k', '19456', '-p', '1', '-l', '32')),
    ('argon2 -id, the parameters of today, decomposed', decomposed,
     run('argon2', 'some salt', '-id', '-t', '2', '-k', '19456', '-p', '1', '-l', '32', '-e', text=decomposed)),
    ('argon2 -i', plain, argon2('-i', '-t', '3', '-m', '10', '-p', '1', '-l', '24')),
    ('argon2 -id, version 16', plain, argon2('-id', '-v', '10', '-t', '2', '-m', '9')),
    ('argon2-cffi, its defaults', plain, passlib.argon2.hash(plain)),
    ('passlib argon2i', plain, passlib.argon2.using(type='I', rounds=2, memory_cost=512).hash(plain)),
    ('PHP argon2id', plain, php('PASSWORD_ARGON2ID', '[]')),
    ('passlib bcrypt $2a$', plain, bcrypt.using(ident='2a').hash(plain)),
    ('passlib bcrypt $2b$', plain, bcrypt.using(ident='2b').hash(plain)),
    ('passlib bcrypt $2b$, cost 12', plain, passlib.bcrypt.using(rounds=12).hash(plain)),
    ('passlib bcrypt $2b$, decomposed', decomposed, bcrypt.hash(decomposed)),
    ('passlib bcrypt $2b$, composed', korean, bcrypt.hash(korean)),
    ('passlib bcrypt $2b$, spare bits', plain, spare_bits(bcrypt.hash(plain))),
    ('htpasswd -B ($2y$)', plain, run('htpasswd', '-bnBC', '5', '', plain).lstrip(':')),
    ('PHP password_hash ($2y$)', plain, php('PASSWORD_BCRYPT', "['cost' => 6]")),
    ('passlib scrypt', plain, passlib.scrypt.using(rounds=10).hash(plain)),
    ('passlib scrypt, its defaults', plain, passlib.scrypt.hash(plain)),
    ('passlib pbkdf2_sha1', plain, passlib.pbkdf2_sha1.using(rounds=1000).hash(plain)),
    ('passlib pbkdf2_sha256', plain, passlib.pbkdf2_sha256.hash(plain)),
    ('passlib pbkdf2_sha512', plain, passlib.pbkdf2_sha512.hash(plain)),
    ('Django pbkdf2_sha256', plain, django_hash('PBKDF2PasswordHasher')),
    ('Django pbkdf2_sha1', plain, django_hash('PBKDF2SHA1PasswordHasher')),
    ('Django pbkdf2_sha256, decomposed', decomposed, django_hash('PBKDF2PasswordHasher', decomposed, iterations=1000)),
    ('Django scrypt', plain, django_scrypt(2**14, 8, 5)),
    ('Django argon2', plain, hashers.Argon2PasswordHasher().encode(plain, 'a salt of Django')),
    ('Django bcrypt', plain, hashers.BCryptPasswordHasher().encode(plain, passlib.bcrypt.using(rounds=4).hash('x')[:29].encode())),
    ('Django bcrypt_sha256', plain,
     hashers.BCryptSHA256PasswordHasher().encode(plain, passlib.bcrypt.using(rounds=4).hash('x')[:29].encode())),
    ('Django bcrypt_sha256, beyond 72 bytes', long,
     hashers.BCryptSHA256PasswordHasher().encode(long, passlib.bcrypt.using(rounds=4).hash('x')[:29].encode())),
]
print(json.dumps([dict(zip(('made_by', 'password', 'hash'), map(str, row))) for row in rows], indent=2, ensure_ascii=True))
