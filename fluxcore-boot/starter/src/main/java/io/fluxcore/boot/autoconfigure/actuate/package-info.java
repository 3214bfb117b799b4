/**
 * What Actuator shows of FluxCore where an application has it: health, info and a read-only
 * endpoint. Management of jobs is not here. Imports Spring and the application.
 */
@NullMarked
package io.fluxcore.boot.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
