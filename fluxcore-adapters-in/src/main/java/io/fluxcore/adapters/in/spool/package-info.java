/**
 * A queue of records on the local disk, for sources that cannot be asked again: what is appended is
 * on the disk when the call returns, is read by offset, and is deleted once a checkpoint holds what
 * came of it. Shared by connectors; imports the domain only.
 *
 * <p>A directory holds segments, {@code <first offset>.spool}: a header of 16 bytes (the text
 * {@code FLXSPL01} and the first offset), then records, each its length (4 bytes), a CRC-32C of
 * length and bytes (4 bytes), and the bytes; numbers are big-endian. {@code released} holds the
 * offset before which nothing is needed any more, {@code lock} is locked while the spool is open.
 */
@NullMarked
package io.fluxcore.adapters.in.spool;

import org.jspecify.annotations.NullMarked;
