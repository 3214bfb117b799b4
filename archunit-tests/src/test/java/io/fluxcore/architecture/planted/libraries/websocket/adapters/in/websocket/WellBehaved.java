package io.fluxcore.architecture.planted.libraries.websocket.adapters.in.websocket;

import org.java_websocket.WebSocket;

/** Allowed: a library in its folder. */
final class WellBehaved {
  WebSocket library;
}
