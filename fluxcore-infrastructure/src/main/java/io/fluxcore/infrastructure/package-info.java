/**
 * The technology behind the ports of the application and the domain, one folder each: the runtimes
 * that host stages, regular expressions. Holds no business rule; never imports an adapter.
 */
@NullMarked
package io.fluxcore.infrastructure;

import org.jspecify.annotations.NullMarked;
