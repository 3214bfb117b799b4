/**
 * Events in columns: data types, schemas, batches, and the row view that user code sees.
 *
 * <p>May import {@code error}.
 */
@NullMarked
package io.fluxcore.domain.event;

import org.jspecify.annotations.NullMarked;
