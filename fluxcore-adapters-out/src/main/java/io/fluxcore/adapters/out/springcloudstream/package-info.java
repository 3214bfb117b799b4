/**
 * Writes to bindings of Spring Cloud Stream, which the application around has. Spring is not
 * imported: the host gives the bindings.
 */
@NullMarked
package io.fluxcore.adapters.out.springcloudstream;

import org.jspecify.annotations.NullMarked;
