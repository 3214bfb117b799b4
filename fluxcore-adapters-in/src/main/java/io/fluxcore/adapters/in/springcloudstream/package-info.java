/**
 * Reads bindings of Spring Cloud Stream, which the application around has. Spring is not imported:
 * the host gives the bindings.
 */
@NullMarked
package io.fluxcore.adapters.in.springcloudstream;

import org.jspecify.annotations.NullMarked;
