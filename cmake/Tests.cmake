# reviews_test(NAME folder [LINK libraries...] [LABELS labels...])
#
# One test program a folder, `test_<folder>`, made of tests/<folder>/*.cpp with
# CAF's test framework; one ctest entry a suite, `<folder>.<suite>`, so that a
# failure names its unit. A suite is the file `<suite>_test.cpp`.
function(reviews_test)
  cmake_parse_arguments(T "" "NAME" "LINK;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${T_NAME}/*_test.cpp")
  if(NOT sources)
    return()
  endif()
  if(NOT TARGET test_main)
    add_library(test_main OBJECT "${PROJECT_SOURCE_DIR}/tests/fixtures/test_main.cpp")
    target_link_libraries(test_main PRIVATE CAF::core reviews_flags)
    target_compile_options(test_main PRIVATE -O0 -g1)
  endif()
  add_executable(test_${T_NAME} ${sources} $<TARGET_OBJECTS:test_main>)
  target_link_libraries(test_${T_NAME} PRIVATE ${T_LINK} CAF::core reviews_flags)
  # What is tested is optimised as it ships; optimising the tests only doubles the build's time.
  target_compile_options(test_${T_NAME} PRIVATE -O0 -g1)
  foreach(source IN LISTS sources)
    get_filename_component(suite "${source}" NAME_WE)
    string(REGEX REPLACE "_test$" "" suite "${suite}")
    add_test(NAME ${T_NAME}.${suite} COMMAND test_${T_NAME} "-s" "^${suite}$" -n -v 3
             WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(${T_NAME}.${suite} PROPERTIES LABELS "${T_LABELS}" TIMEOUT 300
                         FAIL_REGULAR_EXPRESSION "suites: +0;checks: +0")
  endforeach()
endfunction()
