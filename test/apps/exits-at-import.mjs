console.error('the database is not there')
process.exit(7)
