/**
 * Over-windows: each row of a key with what the rows before it come to. Rows are in the order of
 * event time.
 */
@NullMarked
package io.fluxcore.domain.over;

import org.jspecify.annotations.NullMarked;
