# Writes which npm there is into STAMP, at build time, and touches it only when that has changed: a page without charts
# is made again once npm has been installed. Run by cmake -P.
find_program(NPM npm)
set(old "")
if(EXISTS ${STAMP})
  file(READ ${STAMP} old)
endif()
if(NOT old STREQUAL "${NPM}\n")
  file(WRITE ${STAMP} "${NPM}\n")
endif()
