/**
 * The {@code sse} sink: rows as server-sent events, for clients that connect to a port of this
 * process. One public door.
 */
@NullMarked
package io.fluxcore.adapters.out.sse;

import org.jspecify.annotations.NullMarked;
