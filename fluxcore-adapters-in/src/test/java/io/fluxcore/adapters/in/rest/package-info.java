/** Tests of the REST API against a real server, with a front door that is a fake. */
@NullMarked
package io.fluxcore.adapters.in.rest;

import org.jspecify.annotations.NullMarked;
