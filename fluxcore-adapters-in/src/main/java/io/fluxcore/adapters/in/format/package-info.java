/**
 * Bytes as rows: finding records in a stream of bytes, or in messages of one record each, and
 * decoding them straight into columns, for JSON, CSV, text and bytes as they are. What source
 * connectors share. Imports the application, the domain and Jackson; never a connector.
 *
 * <p>{@link io.fluxcore.adapters.in.format.RecordFormat} is the door: it gives a {@link
 * io.fluxcore.adapters.in.format.RecordFramer}, which finds where a record ends, and a {@link
 * io.fluxcore.adapters.in.format.RecordDecoder}, which makes rows of the records found. {@link
 * io.fluxcore.adapters.in.format.FormatOptions} makes a format of options; {@link
 * io.fluxcore.adapters.in.format.MessageRows} makes batches of messages.
 */
@NullMarked
package io.fluxcore.adapters.in.format;

import org.jspecify.annotations.NullMarked;
