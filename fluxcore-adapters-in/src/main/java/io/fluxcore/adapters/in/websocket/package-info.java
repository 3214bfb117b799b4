/**
 * The {@code websocket} source: messages over WebSocket (RFC 6455), from a server that is called or
 * from clients that call; in a spool until a checkpoint holds them, if asked. One public door.
 */
@NullMarked
package io.fluxcore.adapters.in.websocket;

import org.jspecify.annotations.NullMarked;
