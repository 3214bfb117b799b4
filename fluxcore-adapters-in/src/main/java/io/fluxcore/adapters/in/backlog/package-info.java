/**
 * What is pushed into a source and was not read yet: in memory, or in a {@link
 * io.fluxcore.adapters.in.spool spool} on the local disk, so that who pushes can be told that it is
 * safe before it is processed. Shared by the connectors into which others push; imports the spool,
 * the connector SPI and the domain.
 *
 * <p>A record of a spool is the time at which the message came (8 bytes, big-endian: the highest
 * bit says whether properties follow, the others are the microseconds since the epoch), its
 * properties, and its bytes. Properties are a byte with their version (1, or 2 if a flaw follows:
 * its code and message), the id, the key, the number of headers, and name and value of each header.
 * A number is a varint (seven bits a byte, the lowest first, the highest bit set in all bytes but
 * the last); a text is the number of its UTF-8 bytes plus one, and the bytes; 0 alone is a text
 * that is not there.
 */
@NullMarked
package io.fluxcore.adapters.in.backlog;

import org.jspecify.annotations.NullMarked;
