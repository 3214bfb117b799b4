package io.fluxcore.architecture.planted.libraries.httpserver.adapters.out.sse;

import com.sun.net.httpserver.HttpServer;

/** Allowed: a library in its folder. */
final class WellBehaved {
  HttpServer library;
}
