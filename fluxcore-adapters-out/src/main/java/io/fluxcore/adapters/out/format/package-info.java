/**
 * Rows as bytes, lines of a stream, messages or whole files: the encoders that sinks share. Imports
 * the application, the domain and Jackson; never a connector.
 */
@NullMarked
package io.fluxcore.adapters.out.format;

import org.jspecify.annotations.NullMarked;
