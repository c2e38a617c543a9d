"""The server of the course chapter, by FastAPI. Sesame behaves like it where the contract does not say otherwise."""

from datetime import datetime, timedelta

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from jose import jwt
from pydantic import BaseModel

app = FastAPI()
secret_key = "your-secret-key"
passwords = {}


class User(BaseModel):
    username: str
    password: str


class Token(BaseModel):
    access_token: str
    token_type: str


async def current_user(token: str = Depends(OAuth2PasswordBearer(tokenUrl="token"))):
    try:
        username = jwt.decode(token, secret_key, algorithms=["HS256"]).get("sub")
    except jwt.JWTError:
        raise HTTPException(status_code=401, detail="Invalid token")
    if username is None:
        raise HTTPException(status_code=401, detail="Invalid token")
    return username


@app.post("/signup")
async def signup(user: User):
    if user.username in passwords:
        raise HTTPException(status_code=400, detail="Username already exists")
    passwords[user.username] = user.password
    return {"message": "User created successfully"}


@app.post("/token", response_model=Token)
async def login(form: OAuth2PasswordRequestForm = Depends()):
    password = passwords.get(form.username)
    if not password or password != form.password:
        raise HTTPException(status_code=401, detail="Incorrect username or password")
    expires = datetime.utcnow() + timedelta(minutes=30)
    token = jwt.encode({"sub": form.username, "exp": expires}, secret_key, algorithm="HS256")
    return {"access_token": token, "token_type": "bearer"}


@app.get("/protected")
async def protected_route(username: str = Depends(current_user)):
    return {"message": f"Hello {username}! This is a protected route"}
