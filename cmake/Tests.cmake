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
  add_executable(test_${T_NAME} ${sources} "${PROJECT_SOURCE_DIR}/tests/fixtures/test_main.cpp")
  target_link_libraries(test_${T_NAME} PRIVATE ${T_LINK} CAF::core reviews_flags)
  foreach(source IN LISTS sources)
    get_filename_component(suite "${source}" NAME_WE)
    string(REGEX REPLACE "_test$" "" suite "${suite}")
    add_test(NAME ${T_NAME}.${suite} COMMAND test_${T_NAME} "-s" "^${suite}$" -n -v 3
             WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(${T_NAME}.${suite} PROPERTIES LABELS "${T_LABELS}" TIMEOUT 300
                         FAIL_REGULAR_EXPRESSION "suites: +0;checks: +0")
  endforeach()
endfunction()
