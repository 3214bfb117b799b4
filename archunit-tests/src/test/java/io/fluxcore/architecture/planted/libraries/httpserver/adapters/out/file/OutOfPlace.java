package io.fluxcore.architecture.planted.libraries.httpserver.adapters.out.file;

import com.sun.net.httpserver.HttpServer;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  HttpServer library;
}
