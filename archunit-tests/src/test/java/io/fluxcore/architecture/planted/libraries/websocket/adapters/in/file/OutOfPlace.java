package io.fluxcore.architecture.planted.libraries.websocket.adapters.in.file;

import org.java_websocket.WebSocket;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  WebSocket library;
}
