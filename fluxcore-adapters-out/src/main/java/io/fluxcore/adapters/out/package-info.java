/**
 * What FluxCore reaches outside, one folder each: the sink connectors. Imports the application and
 * the domain; each folder its own client library.
 */
@NullMarked
package io.fluxcore.adapters.out;

import org.jspecify.annotations.NullMarked;
