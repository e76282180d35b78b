// The library needs this before it loads, so every file imports the library from here.
import 'reflect-metadata';
import { cryptoProvider } from '@peculiar/x509';
import { webcrypto } from 'node:crypto';

cryptoProvider.set(webcrypto as Crypto);

export * from '@peculiar/x509';
