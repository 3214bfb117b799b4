/**
 * Events that are pushed from outside into streams that jobs read: the port that a REST controller
 * or the like calls, and a source connector serves. Imports the domain only.
 */
@NullMarked
package io.fluxcore.application.publish;

import org.jspecify.annotations.NullMarked;
