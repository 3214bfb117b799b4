/**
 * Over-windows: each row of a key with what the rows before it come to. Rows are in the order of
 * event time; or, as a changelog, in one of fields, with the rows around each.
 */
@NullMarked
package io.fluxcore.domain.over;

import org.jspecify.annotations.NullMarked;
