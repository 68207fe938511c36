# Installs the library into a folder of its own, builds the example against it and runs it.
# cmake -DBUILD=... -DSOURCE=... -P install_test.cmake
set(work ${BUILD}/library_test)
file(REMOVE_RECURSE ${work})
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
run(${CMAKE_COMMAND} --install ${BUILD} --component library --prefix ${work}/installed)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${work}/build -G Ninja -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_PREFIX_PATH=${work}/installed ${OPTIONS})
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/example)
