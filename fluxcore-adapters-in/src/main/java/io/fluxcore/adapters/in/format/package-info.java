/**
 * Bytes as rows: finding records in a stream of bytes and decoding them straight into columns, for
 * JSON lines, CSV and text lines. What source connectors share. Imports the application, the domain
 * and Jackson; never a connector.
 *
 * <p>{@link io.fluxcore.adapters.in.format.RecordFormat} is the door: it gives a {@link
 * io.fluxcore.adapters.in.format.RecordFramer}, which finds where a record ends, and a {@link
 * io.fluxcore.adapters.in.format.RecordDecoder}, which makes rows of the records found.
 */
@NullMarked
package io.fluxcore.adapters.in.format;

import org.jspecify.annotations.NullMarked;
