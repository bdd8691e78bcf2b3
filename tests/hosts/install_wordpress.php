<?php
// Install WordPress without its form, and write one post for each address that is given: `php install_wordpress.php
// FOLDER ADDRESS...` prints the numbers of the posts. Debian packages no command line for it.
define('WP_INSTALLING', true);
$folder = $argv[1];
require "$folder/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Host', 'editor', 'editor@host.example', false, '', 'a long password of nobody');
foreach (array_slice($argv, 2) as $address) {
    // What the editor saves when somebody pastes an address: a block of its own.
    $block = '<!-- wp:embed {"url":"' . $address . '"} --><figure class="wp-block-embed">'
        . "<div class=\"wp-block-embed__wrapper\">\n$address\n</div></figure><!-- /wp:embed -->";
    echo wp_insert_post([
        'post_title' => 'Pasted',
        'post_content' => "<!-- wp:paragraph --><p>Before.</p><!-- /wp:paragraph -->\n\n$block\n",
        'post_status' => 'publish',
        'post_author' => 1,
    ]), "\n";
}
