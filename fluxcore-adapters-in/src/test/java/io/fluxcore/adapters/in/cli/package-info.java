/** Tests of the command line's dealings with a server, against the REST API. */
@NullMarked
package io.fluxcore.adapters.in.cli;

import org.jspecify.annotations.NullMarked;
