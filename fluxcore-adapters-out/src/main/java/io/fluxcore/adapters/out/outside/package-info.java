/**
 * What sinks share on their way to another system: whom they trust, and for how long they try
 * again. Imports the application and the domain; never a connector.
 */
@NullMarked
package io.fluxcore.adapters.out.outside;

import org.jspecify.annotations.NullMarked;
