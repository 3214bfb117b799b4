/**
 * The {@code websocket} sink: rows as messages to clients that connect to a port of this process
 * (RFC 6455). One public door.
 */
@NullMarked
package io.fluxcore.adapters.out.websocket;

import org.jspecify.annotations.NullMarked;
