/**
 * What reaches FluxCore from outside, one folder each: the command line, job files, and the source
 * connectors. Imports the application and the domain; each folder its own client library.
 */
@NullMarked
package io.fluxcore.adapters.in;

import org.jspecify.annotations.NullMarked;
